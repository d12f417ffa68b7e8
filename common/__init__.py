"""What every room needs and that knows no other room: partial dates, names, versions."""
