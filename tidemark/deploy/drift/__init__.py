"""What somebody changed by hand."""
