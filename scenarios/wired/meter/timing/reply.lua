-- SPDX-License-Identifier: Apache-2.0
-- The reply window: 11 bit times to 330 bit times + 50 ms after the request's last stop bit, in bit
-- times of the device.
local bits = require "bits"

local requests = {
  { name = "reset", what = "SND_NKE", fields = { c = 0x40 } },
  { name = "request", what = "REQ_UD2", fields = { c = 0x7B } },
  { name = "data", what = "SND_UD", fields = { c = 0x73, ci = 0x50 } },
}

return each(requests, function(request)
  return case {
    id = "wired.timing.reply." .. request.name,
    title = "The answer to " .. request.what .. " begins inside the reply window",
    checks = { "MB2-LL-016", "MB2-LL-017" },
    needs = { "line", "timing" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local limits = bits.reply_window(line, dut)
      for _ = 1, 3 do
        line:reset(dut)
        local fields = { a = dut.address }
        for key, value in pairs(request.fields) do fields[key] = value end
        local r = line:exchange(frame(fields))
        precondition(r, "answer to " .. request.what):is_heard()
        local delay = r.start - r.request.finish
        measure("from request to answer, earliest", delay, { min = limits.min }, "MB2-LL-016")
        measure("from request to answer, latest", delay, { max = limits.max }, "MB2-LL-017")
      end
    end,
  }
end)
