"""The mailbox: a turn is a row; who may go on, who has it, what became of it."""
