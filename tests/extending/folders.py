"""Search paths: the files in the folders here count as files of the application's folders of the same names."""

from pathlib import Path

import cliffscape.app.frames
import cliffscape.app.frames.studies
import cliffscape.app.lessons.measurements

HERE = Path(__file__).parent
PACKAGES = (cliffscape.app.frames, cliffscape.app.frames.studies, cliffscape.app.lessons.measurements)

for package in PACKAGES:
    package.__path__.append(str(HERE / package.__name__.rpartition(".")[-1]))
