/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of page flags.  Their bits are moved about between releases of the
 * kernel and no field says where they are, so a name needs the release.
 */
#ifndef PAGE_PINNER_PAGEFLAGS_H
#define PAGE_PINNER_PAGEFLAGS_H

/**
 * pageflags_name() - what a bit of the page flags means
 * @release: of the kernel that wrote them, such as "6.12.117"
 * @bit: counted from 0
 *
 * Bits whose place depends on the configuration have no name.
 *
 * Return: its name, NULL if that is not known of this release.
 */
const char *pageflags_name(const char *release, unsigned int bit);

#endif
