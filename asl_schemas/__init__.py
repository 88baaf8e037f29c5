"""JSON Schemas of the Amazon States Language, one a state type; read as package data."""
