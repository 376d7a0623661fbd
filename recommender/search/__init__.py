"""Root cause + school context -> ranked practices, each with the reasons for its place."""
