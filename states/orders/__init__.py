"""Every order of what may happen at the same time: runs of one machine, and checks that must hold in all of them."""
