"""The bundle's program: funjax; with `-c CODE`, as its doctor starts what runs apart, that code instead."""

import sys

if sys.argv[1:2] == ["-c"]:
    exec(sys.argv[2])
else:
    from funjax_gui.__main__ import main

    main()
