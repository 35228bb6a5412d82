"""What is there to be read: documents for scripts and other programs, whichever way they ask. A field that is here stays."""
