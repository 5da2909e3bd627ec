#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# Which functions of a kernel change the refcount of pages: those that call
# our slow paths, read from the objects of a build.  Frames that are inlined
# are not there, and which ones that are is the compiler's choice, so it also
# says of each how it is bound to the rest of the kernel:
#
#	shared	another file calls it, or modules may: a function of its own
#		in every build that does not inline across files
#	taken	its address is in data, such as a table of operations: there
#		is always a function to be called
#	header	a wrapper that several files have for themselves
#	local	none of that: whether it has a frame is an accident
#
# With ThinLTO the objects have no machine code yet; use another build's.

use strict;
use warnings;

my $usage = "usage: $0 [-h] [-b] KERNEL_OUTPUT_DIRECTORY\n" .
	    "Print FUNCTION DIRECTION BINDING FILE, separated by tabs; a function that\n" .
	    "does both has a line for get and one for put.  -b: FUNCTION BINDING of all\n" .
	    "functions of the kernel, whatever they do.\n";
my $all = @ARGV && $ARGV[0] eq '-b' && shift;

if (@ARGV == 1 && $ARGV[0] eq '-h') {
	print $usage;
	exit 0;
}
if (@ARGV != 1) {
	print STDERR $usage;
	exit 2;
}
my $dir = $ARGV[0];
chdir $dir or die "$0: $dir: $!\n";

# Our slow paths; what they do to the count if the arguments do not tell.
my %slow = (
	__page_pinner_mod => '', __page_pinner_set => 'any',
	__page_pinner_add_unless => 'get', __page_pinner_freeze => 'put',
	__page_pinner_unfreeze => 'get',
);

# What the compiler makes of one function has the function's name.
sub plain { my $name = shift; $name =~ s/\.(cold|isra|part|constprop|llvm).*//; return $name }

sub output_of
{
	open my $pipe, '-|', @_ or die "$0: $_[0]: $!\n";
	return $pipe;
}

my @objects;
my @dirs = grep { -d } qw(mm fs lib block net drivers kernel io_uring virt security crypto
			  ipc sound arch init);
my $find = output_of('find', @dirs, '-name', '*.o');
while (<$find>) {
	chomp;
	next if m{\.mod\.o$|/built-in\.o$|^arch/\w+/(boot|realmode|entry/vdso|tools)/};
	push @objects, $_;
}
close $find;
die "$0: $dir: no objects; is it the output directory of a kernel?\n" unless @objects;

# Who defines what, who wants what.
my (%wanted_by, %changes, %exported, %functions);
for (my $i = 0; $i < @objects; $i += 200) {
	my $last = $i + 199 < $#objects ? $i + 199 : $#objects;
	my $nm = output_of('nm', '-A', '--format=posix', @objects[$i .. $last]);
	while (<$nm>) {
		my ($file, $name, $type) = /^(\S+?):? (\S+) (\w)/ or next;
		$file =~ s/:$//;
		$changes{$file} = 1 if exists $slow{$name} && $type eq 'U';
		$wanted_by{$name}{$file} = 1 if $type eq 'U';
		$functions{$file}{plain($name)} = 1 if $all && $type =~ /[tTwW]/;
		$exported{$1} = 1 if $name =~ /^__export_symbol_(.*)/;
	}
	close $nm;
}
die "$0: $dir: nothing calls __page_pinner_mod(): no machine code (LTO), or without the feature\n"
	unless %changes;
# Exports have objects of their own only for vmlinux as a whole.
if (open my $symvers, '<', 'Module.symvers') {
	while (<$symvers>) {
		$exported{(split /\t/)[1]} = 1;
	}
}

# One call more of a function whose direction was OLD.
sub merge
{
	my ($old, $new) = @_;
	return $new if !defined $old || $old eq $new;
	return 'any';
}

sub number { my $hex = shift; return hex substr $hex, -8 }

# calls FILE: of each function in it, the direction in which it changes a count
# itself, and the functions of the same file that it calls.
sub calls
{
	my ($file) = @_;
	my (%dir, %callees, $function, $delta, $pushed, $target);
	my $dump = output_of('objdump', '-dr', '--no-show-raw-insn', $file);

	while (<$dump>) {
		# Where a relocation follows, that is what is called.
		my $relocated = /\tR_|\sR_\w+\s/;
		$callees{$function}{$target} = 1 if defined $target && !$relocated;
		undef $target;
		if (/^[0-9a-f]+ <(.+)>:$/) {
			$function = plain($1);
			($delta, $pushed) = (undef, undef);
		} elsif (/\tpush\s+\$0x([0-9a-f]+)/) {
			$pushed = number($1);
		} elsif (/\tmov\s+\$0x([0-9a-f]+),%e?r?si/) {
			$delta = number($1);
		} elsif (/\tor\s+\$0xffff\w+,%e?r?si/) {
			$delta = 0xffffffff;
		} elsif (/\tneg\s+%e?r?si/) {
			$delta = 0xffffffff unless defined $delta;
		} elsif (/\tpop\s+%rsi/) {
			$delta = $pushed;
		} elsif (/,%[er]?si$/ && !/\t(cmp|test)/) {
			$delta = undef;
		} elsif (/R_\w+\s+(__page_pinner_\w+)/ && exists $slow{$1}) {
			my $way = $slow{$1} ne '' ? $slow{$1} :
				  !defined $delta ? 'any' : $delta & 0x80000000 ? 'put' : 'get';
			$dir{$function} = merge($dir{$function}, $way);
		} elsif (/\t(?:call|jmp)\s+[0-9a-f]+ <([^+>]+)>/) {
			$target = plain($1);
		} elsif (/R_\w+_PLT32\s+(\w[\w.]*)-0x/) {
			$callees{$function}{plain($1)} = 1;
		}
	}
	close $dump;
	return { dir => \%dir, callees => \%callees };
}

# in_data FILE: the functions whose address is in some data of the file.
sub in_data
{
	my ($file) = @_;
	my (@section, %at, %taken, $data);
	my $elf = output_of('readelf', '-SsrW', $file);

	while (<$elf>) {
		if (/^\s+\[\s*(\d+)\]\s+(\S+)\s/) {
			$section[$1] = $2;
		} elsif (/^Relocation section '\.rela(\S+)'/) {
			$data = $1 =~ /^\.(data|rodata|init\.data)/;
		} elsif (/^\s*\d+:\s+([0-9a-f]+)\s+\S+\s+FUNC\s+\w+\s+\w+\s+(\d+)\s+(\S+)/) {
			$at{$section[$2], hex $1} = $3;
		} elsif ($data && /R_\w+_64\s+[0-9a-f]+\s+(\S+) \+ ([0-9a-f]+)/) {
			$taken{"$1 $2"} = 1;
		}
	}
	close $elf;
	my %names;
	for (keys %taken) {
		my ($symbol, $offset) = split ' ';
		my $name = $symbol =~ /^\./ ? $at{$symbol, hex $offset} : $symbol;
		$names{plain($name)} = 1 if defined $name;
	}
	return \%names;
}

# binding_of NAME FILE TAKEN: how others reach it.
sub binding_of
{
	my ($name, $file, $taken) = @_;
	my $others = grep { $_ ne $file } keys %{$wanted_by{$name} || {}};

	return $others || $exported{$name} ? 'shared' : $taken->{$name} ? 'taken' : 'local';
}

if ($all) {
	for my $file (sort keys %functions) {
		my $taken = in_data($file);
		print join("\t", $_, binding_of($_, $file, $taken)), "\n"
			for sort keys %{$functions{$file}};
	}
	exit 0;
}

delete @changes{grep { m{^mm/page_pinner} } keys %changes};
my (%found, %files_of);
for my $file (keys %changes) {
	$found{$file} = calls($file);
	push @{$files_of{$_}}, $file for keys %{$found{$file}{dir}};
}

# A function that several files have for themselves comes from a header.  Some
# compilers inline it and some do not: who calls it changes the count as well.
# Where the amount is an argument the wrapper's name tells the direction.
my %wrapper = map { $_ => 1 } grep { @{$files_of{$_}} > 1 } keys %files_of;
for my $found (values %found) {
	for (grep { $wrapper{$_} && !/set/ } keys %{$found->{dir}}) {
		$found->{dir}{$_} = /put|sub|dec|[^n]freeze/ ? 'put' : 'get';
	}
}
for my $found (values %found) {
	my $dir = $found->{dir};
	my $more = 1;
	while ($more) {
		$more = 0;
		for my $function (keys %{$found->{callees}}) {
			my $old = $dir->{$function};
			for (grep { $wrapper{$_} && $dir->{$_} } keys %{$found->{callees}{$function}}) {
				$dir->{$function} = merge($dir->{$function}, $dir->{$_});
			}
			$more = 1 if ($dir->{$function} || '') ne ($old || '');
		}
	}
}

for my $file (sort keys %found) {
	my $dir = $found{$file}{dir};
	my $taken = in_data($file);
	for my $name (sort keys %$dir) {
		my $binding = $wrapper{$name} ? 'header' : binding_of($name, $file, $taken);
		print join("\t", $name, $_, $binding, $file), "\n"
			for $dir->{$name} eq 'any' ? ('get', 'put') : $dir->{$name};
	}
}
