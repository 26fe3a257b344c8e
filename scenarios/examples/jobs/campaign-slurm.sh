#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A campaign in shards as a Slurm job array; the folder of the reports is shared by the nodes.
#   sbatch --array=1-8 campaign-slurm.sh SUITE REPORT
#   sbatch --dependency=afterany:JOB --wrap "meterbench merge REPORT/shard-*/ --report REPORT/whole"
#SBATCH --job-name=meterbench
#SBATCH --cpus-per-task=1
#SBATCH --output=meterbench-%A-%a.txt
set -eu
suite=$1 report=$2
shift 2
mkdir -p "$report"
# A shard with survivors ends with 1, which is no reason to call the job failed: merge judges.
status=0
meterbench campaign "$suite" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --report "$report/shard-$SLURM_ARRAY_TASK_ID" "$@" || status=$?
[ "$status" -le 1 ]
