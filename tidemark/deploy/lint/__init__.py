"""What we would not write."""
