"""What all that thinks shares: what it says of itself, the checks of what it claims, and its calls of a model."""
