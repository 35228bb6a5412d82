"""What people are told outside this machine: how a notice reads, and the ways it goes."""
