"""What the command shows on a terminal. Only these modules use rich, which the command loads when it has something to show."""
