"""Makes the database what the files say."""
