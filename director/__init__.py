"""The domain: goals become plans, plans become turns, turns become approved deliverables."""
