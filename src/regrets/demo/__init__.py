"""The embedded mail servers and the made-up inbox of `regrets demo`."""
