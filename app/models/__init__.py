"""Language models, embedders and token counting."""
