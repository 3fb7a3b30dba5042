# Emulation of arm64, for the steps of stand-in images that must run there. Sourced, never run.
# shellcheck shell=bash

# Registers an emulator with the kernel unless there is one. The kernel keeps the opened program itself (flag F), so it works
# inside containers too; it forgets it at the next boot.
emulate_arm64() {
    local misc=/proc/sys/fs/binfmt_misc
    [[ -e $misc/register ]] || mount -t binfmt_misc binfmt_misc "$misc" ||
        die "this kernel takes no emulators, so there are no arm64 stand-ins"
    grep -qs 'flags:.*F' "$misc/qemu-aarch64" && return
    unpack emulator "${EMULATOR[@]}"
    say "· registering an emulator for arm64 with the kernel, until the next boot"
    # Magic and mask of a 64-bit little-endian ELF file for AArch64 (machine 183), as qemu's own package registers it.
    printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:'"$(prefix_of emulator)/usr/bin/qemu-aarch64-static:OCF" \
        >"$misc/register" || die "cannot register an emulator for arm64"
}
