"""What one SQL statement does, told from its text and from what is known of the relations it names."""
