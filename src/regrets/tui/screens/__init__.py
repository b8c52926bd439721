"""The screens; each is thin and leaves the work to the controllers."""
