async def run(*a): pass
VARIANTS={}
