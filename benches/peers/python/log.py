"""Records runs with the repositories of Python's Rocketry, as its documentation sets them up: `log.py csv|sqlite RUNS FOLDER`.

Prints how many seconds that took, how many runs it recorded, and how many records there are of each in the end.
"""

import sys
import time

import sqlalchemy.orm  # Which redbird uses and does not import.
from redbird.repos import CSVFileRepo, SQLRepo
from rocketry.log import MinimalRecord

TASKS = 200


def repository(kind, folder):
    if kind == "csv":
        return CSVFileRepo(filename=f"{folder}/python.csv", model=MinimalRecord)
    return SQLRepo(
        conn_string=f"sqlite:///{folder}/python.db",
        table="tasks",
        if_missing="create",
        model=MinimalRecord,
        id_field="created",
    )


def main():
    kind, runs, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    repo = repository(kind, folder)
    instant = iter(range(2 * runs))
    begun = time.perf_counter()
    for run in range(runs):
        for action in ("run", "success"):
            # What a record is called by: a time that no other has.
            created = 1_767_225_600.0 + next(instant) / 1000
            repo.add(MinimalRecord(task_name=f"reports::number_{run % TASKS}", action=action, created=created))
    took = time.perf_counter() - begun
    print(took, runs, len(repo.filter_by().all()) / 2)


main()
