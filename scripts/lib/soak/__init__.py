"""What scripts/soak is made of: long runs that try to make the built gateway's bill wrong."""
