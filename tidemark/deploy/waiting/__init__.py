"""Who is in the way, and how long we wait."""
