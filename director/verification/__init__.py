"""Whether everything is still as its receipts say."""
