"""Ways in; they translate, nothing more."""
