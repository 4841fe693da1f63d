"""What breaks, who goes on working meanwhile, and what has to be there in the end."""
