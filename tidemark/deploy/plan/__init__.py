"""What an apply would do."""
