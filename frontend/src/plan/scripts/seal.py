# Makes the files below a layer the same bytes whenever and wherever they are made: byte code that names the final
# path and is never out of date, fixed times. Arguments: the layer's folder, the time in seconds.
import compileall
import os
import py_compile
import sys

layer, mtime = sys.argv[1], int(sys.argv[2])
# One worker: more of them give other bytes on Python 3.10, and the order of sets is fixed by PYTHONHASHSEED=0. The result
# is ignored: packages carry files for other versions of Python that do not compile.
compileall.compile_dir(
    layer,
    quiet=2,
    force=True,
    stripdir=layer,
    prependdir="/",
    workers=1,
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
for folder, folders, files in os.walk(layer, topdown=False):
    # Links to folders are among the folders.
    for name in folders + files:
        os.utime(os.path.join(folder, name), (mtime, mtime), follow_symlinks=False)
os.utime(layer, (mtime, mtime))
