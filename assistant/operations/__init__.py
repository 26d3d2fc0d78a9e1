"""What is done for each operation of a plan: a file an operation, plan and finds in, draft out."""
