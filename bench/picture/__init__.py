"""What the README says of pictures, as programs: layouts, panels, quality and speed."""
