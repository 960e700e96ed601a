"""What is wrong and what to do about it: facts are gathered once, checks are pure functions of them."""
