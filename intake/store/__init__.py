"""What we keep: tables, and the questions asked of them. The only SQL of the house."""
