"""regrets: a terminal inbox for meeting invitations."""
