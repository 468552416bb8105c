"""Every query file bound to its types, one module per noun."""
