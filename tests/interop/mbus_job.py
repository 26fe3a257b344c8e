#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mbus_master.py as a master under test: jobs and lines as docs/master-under-test.md has them.

    mbus_job.py ENDPOINT JOB [ARGUMENT...]

Of the jobs it has `read`, by primary and secondary address; for others it ends with status 89.
"""
import contextlib
import io
import json
import sys

import mbus_master


def main(arguments):
    endpoint, job, *words = arguments
    if job != "read":
        return 89
    port = mbus_master.Port(endpoint.replace("tcp://", "tcp:"))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        if len(words[0]) == 16:
            status = mbus_master.select_and_read(port, words[0])
        else:
            status = mbus_master.read(port, int(words[0]))
    for telegram in printed.getvalue().split():
        print(json.dumps({"schema": "meterbench.readout/1", "address": words[0],
                          "telegram": telegram}))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
