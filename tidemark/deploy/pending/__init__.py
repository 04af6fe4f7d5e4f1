"""What differs between the files and the database."""
