"""The mailbox: a turn is a row; which may go on, whose claim it is, what became of it."""
