"""What a network may spend: every line of the Network Contract by contract year, its sizes and its rates."""
