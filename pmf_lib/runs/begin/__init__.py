"""What people begin from: a council, a framework or a notebook of their own."""
