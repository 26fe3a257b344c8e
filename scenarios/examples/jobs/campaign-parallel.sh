#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A campaign in shards over the processors of this machine, or with --sshlogin over many, by GNU
# parallel. usage: campaign-parallel.sh SUITE SHARDS REPORT [OPTION of meterbench campaign]...
set -eu
suite=$1 shards=$2 report=$3
shift 3
mkdir -p "$report"
# A shard with survivors ends with 1, which is no reason to stop: merge judges the whole.
seq "$shards" | parallel --joblog "$report/jobs.log" \
    meterbench campaign "$suite" --jobs 1 --shard "{}/$shards" --report "$report/shard-{}" "$@" \
    ">" "$report/shard-{}.txt" || [ $? -le "$shards" ]
meterbench merge "$report"/shard-*/ --report "$report/whole"
