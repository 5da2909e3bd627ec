#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# vmlinux.pl KALLSYMS SHIFT MODULE: writes MODULE.c, and kernel.ld unless it is a module
#
# Each function of KALLSYMS that is of MODULE ("kernel": of none) is made up of
# code that was inlined twice, at the address that it has there less SHIFT.

use strict;
use warnings;
no warnings 'portable';

my ($kallsyms, $shift, $module) = @ARGV;
die "usage: vmlinux.pl KALLSYMS SHIFT MODULE\n" unless defined $module;
$shift = hex $shift;

open(my $in, '<', $kallsyms) or die "$kallsyms: $!\n";
my @functions;
while (<$in>) {
	my ($addr, $name, $of) = /^([0-9a-f]+) [tT] (\S+)(?:\s+\[(\w+)\])?$/ or next;
	push @functions, [ hex $addr, $name, $of // 'kernel' ];
}
@functions = sort { $a->[0] <=> $b->[0] } @functions;

open(my $c, '>', "$module.c") or die "$module.c: $!\n";
print $c "#define ALWAYS static inline __attribute__((always_inline))\n";
print $c "__attribute__((section(\".modinfo\"), used)) static const char modinfo[] = \"name=$module\";\n"
	if $module ne 'kernel';
my $sections = '';
for my $i (0 .. $#functions) {
	my ($addr, $name, $of) = @{$functions[$i]};
	next if $of ne $module;
	my $size = $i < $#functions ? $functions[$i + 1][0] - $addr : 0x10000;
	$size = $size > 0x10000 ? 0xf000 : $size > 64 ? $size - 32 : 8;
	(my $plain = $name) =~ s/\..*//;
	print $c <<"END";
ALWAYS void innermost_$plain(void)
{
	asm volatile(".skip $size, 0x90");
}
ALWAYS void middle_$plain(void)
{
	innermost_$plain();
}
void $plain(void) __asm__("$name");
__attribute__((noinline, used, section(".text.$name"))) void $plain(void)
{
	middle_$plain();
}
END
	$sections .= sprintf "\t. = 0x%x;\n\t.text.%d : { *(.text.%s) }\n", $addr - $shift, $i, $name;
}
close $c;
exit 0 if $module ne 'kernel';

open(my $ld, '>', 'kernel.ld') or die "kernel.ld: $!\n";
printf $ld "SECTIONS {\n\t. = 0x%x;\n\t_text = .;\n%s\t.rest : { *(.data* .rodata* .bss*) }\n}\n",
	(hex 'ffffffff81000000') - $shift, $sections;
