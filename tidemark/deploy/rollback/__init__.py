"""Takes migrations back, losing nothing."""
