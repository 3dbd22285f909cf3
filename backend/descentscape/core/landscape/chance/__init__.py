"""What random walks in place of the paths would show: the null that a plane's shares are held against."""
