-- SPDX-License-Identifier: Apache-2.0
-- Sends a frame that nobody may answer. The probe is answered before and after it, so that the silence
-- between them means something.
return case {
  id = "example.silence",
  title = "A request with a wrong checksum is not answered",
  checks = { "MB2-LL-007" },
  tags = { "example" },

  run = function(rig)
    local line, dut = rig.line, rig.dut
    local request = frame { c = 0x7B, a = dut.address, checksum = 0x00 }
    line:expect_silence(request, { probe = dut, what = "answer to REQ_UD2 with checksum 00h" })
  end,
}
