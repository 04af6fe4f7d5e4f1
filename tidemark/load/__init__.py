"""Streams files into staging tables and starts their merge; what a row must look like is decided in the database."""
