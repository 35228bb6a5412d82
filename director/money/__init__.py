"""Money: amounts, prices, and what may be spent."""
