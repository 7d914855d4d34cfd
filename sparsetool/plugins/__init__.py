"""Families and their members: what each family defines, and where members are found."""
