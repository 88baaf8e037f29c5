"""Commands -> completions: who waits. The virtual clock jumps, the real one does not."""
